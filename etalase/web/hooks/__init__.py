"""What vendors tell us: verified, stored as it came, answered at once; applied by a job."""
