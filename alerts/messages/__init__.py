"""What people are told: figures and impact of cases, made into messages by templates."""
