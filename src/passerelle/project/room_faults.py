"""What the rooms below raise when what they were given cannot be right, in words."""

from __future__ import annotations

import duckdb

from passerelle.demo import ImpossibleDemo
from passerelle.files import FileProblem
from passerelle.project.gallery import WrongAgreement
from passerelle.project.rendering.faults import faults_in_words
from passerelle.words import Language, say


def fault_in_words(fault: BaseException, language: Language) -> tuple[str, ...]:
    """What is wrong and what to do, a sentence a line; nothing for a bug."""
    match fault:
        case WrongAgreement():
            return tuple(faults_in_words(fault.path, fault.faults, language))
        case FileProblem():
            return (fault.says(language),)
        case ImpossibleDemo():
            return (fault.message(language),)
        case duckdb.OutOfMemoryException():
            return (say("cli.out_of_memory", language),)
        case OSError() if fault.filename is not None:
            detail = fault.strerror or str(fault)
            return (say("cli.file_fault", language, path=fault.filename, detail=detail),)
    return ()
