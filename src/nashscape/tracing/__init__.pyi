from .compiled_programs import keep_programs as keep_programs
