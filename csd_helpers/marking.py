"""What stands at the head of every page of a part: who may read it, and by which law."""

#: The marking where nothing tells by which law Part 2 is exempt.
PLAIN = {1: "Part 1: public", 2: "Part 2: exempt, not for publication"}


def marking(part: int, exempt_paragraph: str) -> str:
    """Return the marking of a part.

    Parameters
    ----------
    exempt_paragraph
        The paragraphs of Schedule 12A, Local Government Act 1972, by which Part 2 is exempt; empty if
        the period's file names none.

    Examples
    --------
    >>> marking(2, "1 and 2")
    'Part 2: exempt, not for publication (paragraphs 1 and 2 of Schedule 12A, Local Government Act 1972)'
    """
    if part == 1:
        return PLAIN[1]
    if not exempt_paragraph:
        return f"{PLAIN[2]} (the period’s file names no paragraph of Schedule 12A)"
    noun = "paragraph" if len(exempt_paragraph) == 1 else "paragraphs"
    return f"{PLAIN[2]} ({noun} {exempt_paragraph} of Schedule 12A, Local Government Act 1972)"
