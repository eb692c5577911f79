// From nothing to the address of a queue: dotnet run -- http://127.0.0.1:8081
// Prints the plans, the address, and how the API refuses; the last line is FAKTORY_URL=…
using FaktoryCloud;
using FaktoryCloud.Models;

var address = new Uri(args[0]);
var visitor = Cloud.Connect(address);
foreach (var plan in (await visitor.V1.Plans.GetAsync())!.Items!)
    Console.WriteLine($"plan {plan.Key}: {plan.Name}");

var account = await visitor.V1.Signup.PostAsync(new SignUpRequest
{
    Email = $"{Guid.NewGuid():n}@example.com",
    Password = "a few plain words",
    Organization = "Example",
});
var cloud = Cloud.Connect(address, account!.Token);
var instance = await cloud.V1.Instances.PostAsync(new CreateInstanceRequest { Name = "orders" }, call => call.Headers.Add("Prefer", "wait=60"));
Console.WriteLine($"instance {instance!.Name}: {instance.State}");

try
{
    await cloud.V1.Instances["ins_none"].GetAsync();
}
catch (ProblemResource problem)
{
    Console.WriteLine($"refused: {problem.Code}");
}

var credentials = await cloud.V1.Instances[instance.Id!].Credentials.GetAsync();
Console.WriteLine($"FAKTORY_URL={credentials!.FaktoryUrl}");
