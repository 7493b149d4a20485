"""The agreement compiled to Ibis expressions over unbound tables, and the engines that run them."""
