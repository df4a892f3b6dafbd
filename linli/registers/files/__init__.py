"""料: content-addressed files, checked by what they contain, served without what they betray."""
