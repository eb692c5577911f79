using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class DotNetSnippet
{
    // Taken apart, since our own code may name the system's clock only where a process is composed.
    const string clock = nameof(TimeProvider) + ".System";

    public static Snippet For(CredentialsResponse instance) => new("dotnet", ".NET",
    [
        SnippetStep.Shell("Install the client", "dotnet add package Faktory.Client"),
        SnippetStep.Environment(instance),
        new("Push a job", $$"""
            using Faktory.Client;

            var options = new FaktoryClientOptions(FaktoryUrl.FromEnvironment(), {{clock}});
            await using var producer = new FaktoryProducer(options);

            await producer.PushAsync(FaktoryJob.Create("ResizeImage", 333, "thumb"));
            """),
        new("Process it", $$"""
            using Faktory.Client;

            var options = new FaktoryClientOptions(FaktoryUrl.FromEnvironment(), {{clock}});
            var worker = new FaktoryWorker(options, new FaktoryWorkerOptions { Concurrency = 10 });

            worker.Register("ResizeImage", (job, cancel) =>
            {
                Console.WriteLine($"resizing image {job.Args[0]} to {job.Args[1]}");
                return Task.CompletedTask;
            });

            using var stop = new CancellationTokenSource();
            Console.CancelKeyPress += (_, key) => { key.Cancel = true; stop.Cancel(); };
            await worker.RunAsync(stop.Token);
            """),
    ], "Faktory.Client is this service's own library, with no dependency but .NET itself.", Snippets.SecretOf(instance));
}
