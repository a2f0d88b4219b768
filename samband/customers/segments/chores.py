"""What segments looks after now and then."""
