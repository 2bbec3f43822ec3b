// People, sessions and pages of lists.

export type Role = 'annotator' | 'specialist' | 'supervisor' | 'admin';

export type Permission =
  'label' | 'see_projects' | 'decide' | 'manage_project' | 'see_people' | 'manage_people';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface About {
  name: string;
  version: string;
  engine: string;
  limits: { upload_bytes: number };
}

export interface Person {
  id: string;
  name: string;
  display: string;
  role: Role;
  active: boolean;
  created: number;
}

export interface Session {
  person: Person;
  csrf: string;
  expires: number;
  unread: number;
}

export interface NewPerson {
  name: string;
  display: string;
  role: Role;
  password?: string;
}

export interface PersonChange {
  display?: string;
  role?: Role;
  active?: boolean;
  password?: string;
}

export interface Token {
  id: string;
  name: string;
  created: number;
  expires: number;
  last_used: number | null;
}
