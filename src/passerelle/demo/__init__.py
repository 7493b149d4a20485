"""A seeded simulator of one B2B company, with the hidden truth beside what is seen."""

from passerelle.demo.demo_data import write_demo
from passerelle.demo.refusal import ImpossibleDemo
from passerelle.demo.summary import ChannelCount, DemoSummary, summary_lines
from passerelle.demo.writing import FileFormat, WrittenFile

__all__ = [
    "ChannelCount",
    "DemoSummary",
    "FileFormat",
    "ImpossibleDemo",
    "WrittenFile",
    "summary_lines",
    "write_demo",
]
