"""What a chain offers and where: branches with hours, services as steps, skills, rooms and devices."""
