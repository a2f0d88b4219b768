"""What was agreed with a customer: lines, totals, groups to fulfil, and how it went on."""
