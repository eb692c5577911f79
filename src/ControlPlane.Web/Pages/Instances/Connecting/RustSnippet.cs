using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class RustSnippet
{
    public static Snippet For(CredentialsResponse instance) => new("rust", "Rust",
    [
        SnippetStep.Shell("Install the client", $"""
            cargo add faktory{(instance.Tls ? " --features rustls" : "")}
            cargo add tokio --features full
            """),
        SnippetStep.Environment(instance),
        new("Push a job: src/bin/push.rs", $$"""
            use faktory::{Client, Job};

            #[tokio::main]
            async fn main() {
                let mut client = Client::connect().await.unwrap();
                let job = Job::builder("ResizeImage")
                    .args(vec!["333", "thumb"])
                    .build();
                client.enqueue(job).await.unwrap();
            }
            """),
        new("Process it: src/bin/worker.rs", $$"""
            use faktory::Worker;
            use std::io;

            #[tokio::main]
            async fn main() {
                let mut worker = Worker::builder()
                    .register_fn("ResizeImage", |job| async move {
                        println!("resizing {:?}", job.args());
                        Ok::<(), io::Error>(())
                    }){{(instance.Tls ? "\n        .with_rustls()" : "")}}
                    .connect()
                    .await
                    .unwrap();
                worker.run(&["default"]).await.unwrap();
            }
            """),
        SnippetStep.Shell("Push, then work", """
            cargo run --bin push
            cargo run --bin worker
            """),
    ], null, Snippets.SecretOf(instance));
}
