using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class PythonSnippet
{
    public static Snippet For(CredentialsResponse instance) => new("python", "Python",
    [
        SnippetStep.Shell("Install the client", "pip install faktory"),
        SnippetStep.Environment(instance),
        new("Push a job: push.py", """
            import faktory

            with faktory.connection() as client:
                client.queue("ResizeImage", args=(333, "thumb"))
            """),
        new("Process it: worker.py", """
            from faktory import Worker

            def resize(id, size):
                print(f"resizing image {id} to {size}")

            worker = Worker(queues=["default"], concurrency=10)
            worker.register("ResizeImage", resize)
            worker.run()
            """),
        SnippetStep.Shell("Push, then work", """
            python push.py
            python worker.py
            """),
    ], null, Snippets.SecretOf(instance));
}
