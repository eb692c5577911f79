using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class NodeSnippet
{
    public static Snippet For(CredentialsResponse instance) => new("node", "Node.js",
    [
        SnippetStep.Shell("Install the client", "npm install faktory-worker"),
        SnippetStep.Environment(instance),
        new("Push a job: push.js", $$"""
            const faktory = require("faktory-worker");

            (async () => {
              const client = await faktory.connect({{Options(instance)}});
              await client.job("ResizeImage", { id: 333, size: "thumb" }).push();
              await client.close();
            })();
            """),
        new("Process it: worker.js", $$"""
            const faktory = require("faktory-worker");

            faktory.register("ResizeImage", async ({ id, size }) => {
              console.log(`resizing image ${id} to ${size}`);
            });

            faktory.work({{Options(instance)}}).catch(error => {
              console.error(error);
              process.exit(1);
            });
            """),
        SnippetStep.Shell("Push, then work", """
            node push.js
            node worker.js
            """),
    ], instance.Tls ? "This client reads only host, port and password from FAKTORY_URL: encryption has to be asked for in the code, as above." : null, Snippets.SecretOf(instance));

    static string Options(CredentialsResponse instance) => instance switch
    {
        { Tls: false } => "",
        { Ca: null } => $$"""{ tlsOptions: { servername: "{{instance.Host}}" } }""",
        _ => $$"""{ tlsOptions: { servername: "{{instance.Host}}", ca: require("fs").readFileSync("faktory-ca.pem") } }""",
    };
}
