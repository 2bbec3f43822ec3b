/** The hand is a finger: what it takes hold of is larger (styles/tokens.css says by how much). */
export const isCoarse = (): boolean => window.matchMedia('(pointer: coarse)').matches;
