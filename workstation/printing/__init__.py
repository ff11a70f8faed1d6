"""Report layout to PDF and paper, through QtGui without widgets."""
