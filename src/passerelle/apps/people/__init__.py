"""Who is who: leads and companies, what is known of them, what they allowed."""
