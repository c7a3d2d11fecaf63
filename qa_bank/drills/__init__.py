"""The generators of drills: each public function draws numbers and computes the answer. See qa_bank/drill.py."""
