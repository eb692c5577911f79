using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class ElixirSnippet
{
    // This client takes the parts of the address from its configuration, not from FAKTORY_URL.
    public static Snippet For(CredentialsResponse instance) => new("elixir", "Elixir",
    [
        new("Add the client to the dependencies: mix.exs", """
            defp deps do
              [
                {:faktory_worker, "~> 1.2"}
              ]
            end
            """),
        SnippetStep.Shell("Set the environment, of apps and of workers", $"export FAKTORY_PASSWORD='{instance.Password}'"),
        new("Start it with your application: application.ex", $$"""
            children = [
              {FaktoryWorker,
               connection: [
                 host: "{{instance.Host}}",
                 port: {{instance.Port}},
                 password: System.fetch_env!("FAKTORY_PASSWORD"),
                 use_tls: {{(instance.Tls ? "true" : "false")}}
               ],
               worker_pool: [queues: ["default"]]}
            ]
            """),
        new("Write a job", """
            defmodule MyApp.ResizeImage do
              use FaktoryWorker.Job

              def perform(id, size) do
                IO.puts("resizing image #{id} to #{size}")
              end
            end
            """),
        new("Push it", """
            MyApp.ResizeImage.perform_async([333, "thumb"])
            """),
    ], null, instance.Password);
}
