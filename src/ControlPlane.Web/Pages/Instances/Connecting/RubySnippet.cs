using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances.Connecting;

static class RubySnippet
{
    public static Snippet For(CredentialsResponse instance) => new("ruby", "Ruby",
    [
        SnippetStep.Shell("Install the client", "bundle add faktory_worker_ruby"),
        SnippetStep.Environment(instance),
        new("Write a job: jobs.rb", """
            require "faktory_worker_ruby"

            class ResizeImage
              include Faktory::Job

              def perform(id, size)
                puts "resizing image #{id} to #{size}"
              end
            end
            """),
        new("Push it: push.rb", """
            require_relative "jobs"

            ResizeImage.perform_async(333, "thumb")
            """),
        SnippetStep.Shell("Push, then work", """
            bundle exec ruby push.rb
            bundle exec faktory-worker -r ./jobs.rb
            """),
    ], null, Snippets.SecretOf(instance));
}
