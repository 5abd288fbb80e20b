"""Who answers a clearance request: a server over HTTP, or a registry in this process."""
