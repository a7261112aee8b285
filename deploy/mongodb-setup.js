// Run by mongosh, as often as the stack is brought up: makes the replica set and the app's user once, and gives the user
// the password of the settings.
/* global db, process, rs, sleep */
try {
  rs.status();
} catch {
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] });
}
while (!db.hello().isWritablePrimary) sleep(200);

const goalkeeper = db.getSiblingDB("goalkeeper");
const user = {
  pwd: process.env.MONGO_APP_PASSWORD,
  roles: [{ role: "readWrite", db: "goalkeeper" }],
};
if (goalkeeper.getUser("goalkeeper") === null) goalkeeper.createUser({ user: "goalkeeper", ...user });
else goalkeeper.updateUser("goalkeeper", user);
