using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ControlPlane.Tests.Ledger;

sealed class DeathException : Exception;

/// <summary>Counts the moments at which a process can die, and kills it at one of them.</summary>
sealed class Moments
{
    int left = int.MaxValue;

    internal Moments() => (Commands, Commits) = (new BeforeCommands(this), new AroundCommits(this));

    internal IInterceptor Commands { get; }
    internal IInterceptor Commits { get; }

    internal void DieAfter(int moments) => left = moments;

    internal void Pass()
    {
        if (left-- <= 0)
            throw new DeathException();
    }

    sealed class BeforeCommands(Moments moments) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            moments.Pass();
            return new(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            moments.Pass();
            return new(result);
        }
    }

    sealed class AroundCommits(Moments moments) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            moments.Pass();
            return new(result);
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            moments.Pass();
            return Task.CompletedTask;
        }
    }
}

/// <summary>Requests to somebody else: one can die before they leave, and before their answer is heard.</summary>
sealed class DyingRequests(Moments moments) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        moments.Pass();
        var response = await base.SendAsync(request, cancellationToken);
        moments.Pass();
        return response;
    }
}
