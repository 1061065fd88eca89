"""Shops, firms, social organisations and people who serve the community by agreement: their account, what they offer,
where, and their own portal. (Needs, resources and commitments come later; this is the frame.)
"""
