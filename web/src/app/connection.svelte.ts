// Whether the server answers. Screens keep what they know while it does not; the shell says so.
import { api } from '../api';

class Connection {
  lost = $state(false);
}

export const connection = new Connection();
api.http.onReach = (reached) => {
  connection.lost = !reached;
};
