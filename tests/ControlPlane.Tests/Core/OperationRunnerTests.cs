using System.Collections.Concurrent;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Tests.Core;

public sealed class OperationRunnerTests(PostgresFixture postgres)
{
    static readonly OperationKind Kind = new("test.run", "first", TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Steps_run_in_order_and_carry_their_data()
    {
        await using var test = await StartAsync(postgres, workflow =>
        {
            workflow.On("first", context =>
            {
                context.SetData(new Trail([.. context.GetData<Trail>().Steps, "first"]));
                return new StepResult.Next("second");
            });
            workflow.On("second", context =>
            {
                context.SetData(new Trail([.. context.GetData<Trail>().Steps, "second"]));
                return StepResult.Finished;
            });
        });
        var operation = await test.FinishAsync(await test.FileAsync("ins_a", new Trail([])));
        operation.State.ShouldBe(OperationState.Succeeded);
        operation.FinishedAt.ShouldNotBeNull();
        new StepContext(operation, null!, TimeProvider.System).GetData<Trail>().Steps.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Two_runners_run_each_operation_once()
    {
        var runs = new ConcurrentBag<string>();
        void Count(ScriptedWorkflow workflow) => workflow.On("first", context =>
        {
            runs.Add(context.Operation.Subject);
            return StepResult.Finished;
        });
        await using var one = await StartAsync(postgres, Count);
        await using var two = await one.StartAnotherAsync(Count);

        var filed = new List<OperationId>();
        for (var i = 0; i < 60; i++)
            filed.Add(await one.FileAsync($"ins_{i}"));
        foreach (var id in filed)
            (await one.FinishAsync(id)).State.ShouldBe(OperationState.Succeeded);
        runs.Order().ShouldBe(Enumerable.Range(0, 60).Select(i => $"ins_{i}").Order());
    }

    [Fact]
    public async Task Operations_on_one_subject_run_one_after_the_other()
    {
        var trail = new ConcurrentQueue<string>();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = await StartAsync(postgres, workflow => workflow.OnAsync("first", async context =>
        {
            trail.Enqueue($"{context.Operation.Id} begins");
            await go.Task;
            trail.Enqueue($"{context.Operation.Id} ends");
            return StepResult.Finished;
        }));
        OperationId[] filed = [await test.FileAsync("ins_a"), await test.FileAsync("ins_a"), await test.FileAsync("ins_a")];
        go.SetResult();
        foreach (var id in filed)
            await test.FinishAsync(id);
        trail.ShouldBe(filed.SelectMany(id => new[] { $"{id} begins", $"{id} ends" }));
    }

    [Fact]
    public async Task A_wake_up_during_a_step_is_not_lost()
    {
        var runs = 0;
        ProcessUnderTest? process = null;
        await using var test = await StartAsync(postgres, workflow => workflow.OnAsync("first", async context =>
        {
            if (Interlocked.Increment(ref runs) > 1)
                return StepResult.Finished;
            await using var fleet = process!.Fleet();
            await fleet.Db.WakeAsync("ins_a", TimeProvider.System, CancellationToken.None);
            return new StepResult.Wait(TimeSpan.FromHours(1));
        }));
        process = test;
        (await test.FinishAsync(await test.FileAsync("ins_a"))).State.ShouldBe(OperationState.Succeeded);
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_step_saved_after_losing_its_lease_is_dropped()
    {
        var runs = 0;
        ProcessUnderTest? process = null;
        await using var test = await StartAsync(postgres, workflow => workflow.OnAsync("first", async context =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                context.SetData(new Trail(["by the runner that lost its lease"]));
                await using var fleet = process!.Fleet();
                await fleet.Db.Operations.Where(o => o.Id == context.Operation.Id).ExecuteUpdateAsync(set => set
                    .SetProperty(o => o.LeaseOwner, Guid.NewGuid()).SetProperty(o => o.LeasedUntil, DateTimeOffset.UnixEpoch));
            }
            return StepResult.Finished;
        }));
        process = test;
        var operation = await test.FinishAsync(await test.FileAsync("ins_a"));
        runs.ShouldBe(2);
        operation.Data.ShouldBe("{}");
    }

    [Fact]
    public async Task A_failing_step_is_tried_again_and_then_given_up()
    {
        var failed = 0;
        await using var test = await StartAsync(postgres, workflow =>
        {
            workflow.Tries = 3;
            workflow.On("first", _ => throw new InvalidOperationException("the disk is on fire"));
            workflow.Failed = () => failed++;
        });
        var operation = await test.FinishAsync(await test.FileAsync("ins_a"));
        operation.State.ShouldBe(OperationState.Failed);
        operation.Tries.ShouldBe(3);
        operation.Error.ShouldNotBeNull().ShouldNotContain("disk");
        operation.ErrorDetail.ShouldNotBeNull().ShouldContain("the disk is on fire");
        failed.ShouldBe(1);
    }

    [Fact]
    public async Task An_operation_past_its_deadline_calls_a_human_once()
    {
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = await StartAsync(postgres, workflow => workflow.OnAsync("first", async context =>
        {
            // The alert is raised by the loop beside the steps: wait for it from inside one.
            while (!await context.Db.Alerts.AnyAsync(a => a.Subject == context.Operation.Id.ToString()))
                await Task.Yield();
            looked.TrySetResult();
            return StepResult.Finished;
        }), new OperationKind(Kind.Name, Kind.FirstStep, TimeSpan.FromMilliseconds(-1)));
        var operation = await test.FinishAsync(await test.FileAsync("ins_a"));
        await looked.Task;
        operation.DeadlineMissedAt.ShouldNotBeNull();
        await using var fleet = test.Fleet();
        var alert = await fleet.Db.Alerts.SingleAsync();
        alert.ResolvedAt.ShouldNotBeNull("the operation has finished");
    }

    [Fact]
    public async Task What_was_filed_in_a_transaction_that_rolls_back_never_runs()
    {
        await using var test = await StartAsync(postgres, workflow => workflow.On("first", _ => StepResult.Finished));
        await using (var fleet = test.Fleet())
        {
            await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
            fleet.Db.File(Kind, test.Organization, "ins_a", null, TimeProvider.System);
            await fleet.Db.SaveChangesAsync();
        }
        await test.FinishAsync(await test.FileAsync("ins_a"));
        await using var after = test.Fleet();
        (await after.Db.Operations.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Each_of_many_operations_in_a_row_wakes_a_runner_that_does_not_poll()
    {
        await using var test = await StartAsync(postgres, workflow =>
        {
            workflow.On("first", _ => new StepResult.Next("second"));
            workflow.On("second", _ => StepResult.Finished);
        }, pollEvery: TimeSpan.FromMinutes(10));
        for (var i = 0; i < 20; i++)
            (await test.FinishAsync(await test.FileAsync($"ins_{i}"))).State.ShouldBe(OperationState.Succeeded);
    }

    static async Task<ProcessUnderTest> StartAsync(PostgresFixture postgres, Action<ScriptedWorkflow> script, OperationKind? kind = null, TimeSpan? pollEvery = null)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var api = new ControlPlaneScope(database.Api, TimeProvider.System);
        return await ProcessUnderTest.StartAsync(database, await api.AddOrganizationAsync(), script, kind ?? Kind, ownsDatabase: true, pollEvery);
    }

    sealed record Trail(IReadOnlyList<string> Steps);

    sealed class ScriptedWorkflow(OperationKind kind) : Workflow
    {
        public int Tries { get; set; } = int.MaxValue;
        public Action? Failed { get; set; }
        public override OperationKind Kind => kind;
        public override int TriesMax => Tries;

        public void On(string step, Func<StepContext, StepResult> run) => Step(step, (context, _) => Task.FromResult(run(context)));

        public void OnAsync(string step, Func<StepContext, Task<StepResult>> run) => Step(step, (context, _) => run(context));

        public override Task OnFailedAsync(StepContext context, string error, CancellationToken cancel)
        {
            Failed?.Invoke();
            return Task.CompletedTask;
        }
    }

    /// <summary>A runner as the Provisioner has one, connected as its role.</summary>
    sealed class ProcessUnderTest(TestDatabase database, ControlPlaneScope scope, OrganizationId organization, OperationKind kind, bool ownsDatabase) : IAsyncDisposable
    {
        public OrganizationId Organization => organization;

        public static async Task<ProcessUnderTest> StartAsync(TestDatabase database, OrganizationId organization, Action<ScriptedWorkflow> script, OperationKind kind, bool ownsDatabase, TimeSpan? pollEvery = null)
        {
            var settings = new ConfigurationBuilder().AddInMemoryCollection(pollEvery is null ? [] : [new("Operations:PollEvery", pollEvery.ToString())]).Build();
            var scope = new ControlPlaneScope(database.Provisioner, TimeProvider.System, services => services
                .AddOperationRunner(settings, new Random(1))
                .AddScoped<Workflow>(_ =>
                {
                    var workflow = new ScriptedWorkflow(kind);
                    script(workflow);
                    return workflow;
                }));
            foreach (var service in scope.Services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            return new ProcessUnderTest(database, scope, organization, kind, ownsDatabase);
        }

        public Task<ProcessUnderTest> StartAnotherAsync(Action<ScriptedWorkflow> script) => StartAsync(database, organization, script, kind, ownsDatabase: false);

        public FleetScope Fleet() => scope.Fleet();

        public async Task<OperationId> FileAsync(string subject, object? data = null)
        {
            await using var fleet = scope.Fleet();
            var operation = fleet.Db.File(kind, organization, subject, data, TimeProvider.System);
            await fleet.Db.SaveChangesAsync();
            return operation.Id;
        }

        public async Task<Operation> FinishAsync(OperationId id)
        {
            using var finish = scope.Services.GetRequiredService<OperationCompletions>().Listen(id);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (true)
            {
                var operation = await scope.ReadAsync(id);
                if (operation.IsFinished)
                    return operation;
                await finish.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var service in scope.Services.GetServices<IHostedService>())
                await service.StopAsync(CancellationToken.None);
            await scope.DisposeAsync();
            if (ownsDatabase)
                await database.DisposeAsync();
        }
    }
}
