using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class GoSnippet
{
    public static Snippet For(CredentialsResponse instance) => new("go", "Go",
    [
        SnippetStep.Shell("Install the client", "go get github.com/contribsys/faktory_worker_go"),
        SnippetStep.Environment(instance),
        new("Push a job: push/main.go", """
            package main

            import faktory "github.com/contribsys/faktory/client"

            func main() {
                client, err := faktory.Open()
                if err != nil {
                    panic(err)
                }
                defer client.Close()

                job := faktory.NewJob("ResizeImage", 333, "thumb")
                if err := client.Push(job); err != nil {
                    panic(err)
                }
            }
            """),
        new("Process it: worker/main.go", """
            package main

            import (
                "context"
                "fmt"

                worker "github.com/contribsys/faktory_worker_go"
            )

            func resize(ctx context.Context, args ...interface{}) error {
                fmt.Println("resizing image", args[0], "to", args[1])
                return nil
            }

            func main() {
                manager := worker.NewManager()
                manager.Concurrency = 10
                manager.Register("ResizeImage", resize)
                manager.ProcessStrictPriorityQueues("critical", "default")
                manager.Run()
            }
            """),
        SnippetStep.Shell("Push, then work", """
            go run ./push
            go run ./worker
            """),
    ], null, Snippets.SecretOf(instance));
}
