"""Transfer to the operator's bank account: nobody to ask; a statement, or the operator, says what came."""
