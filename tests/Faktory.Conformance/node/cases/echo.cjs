// Loaded by faktory-work --require.
const faktory = require("faktory-worker");

faktory.register("Echo", (text) => console.log(text));
