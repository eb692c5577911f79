using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>Says what became of an action: how many jobs it was done to, how far it is, or why it ended early.</summary>
static class OutcomeBanner
{
    internal static void Write(Html html, UiCall ui, Outcome outcome)
    {
        html.Add($"""<div class="outcome" role="status"><span>{html.Locale.Say(outcome.Said, outcome.Done)}""");
        if (outcome.Gone > 0)
            html.Add($""" {html.Locale.Say(Phrase.GoneMeanwhile, outcome.Gone)}""");
        if (outcome.Failure is { } failure)
            html.Add($""" <strong>{failure}</strong>""");
        html.Add($"""</span>""");
        if (!outcome.IsOver)
        {
            html.Add($""" <progress max="{Invariant(outcome.Total)}" value="{Invariant(outcome.LookedAt)}" aria-label="{Phrase.Progress}"></progress> <span>{html.Locale.Say(Phrase.LookedAt, outcome.LookedAt, outcome.Total)}</span>""");
            html.Add($"""<form method="post" action="{ui.To($"/outcomes/{outcome.Id}/stop")}"><input type="hidden" name="back" value="{ui.Here}"><button>{Phrase.Stop}</button></form>""");
        }
        html.Add($"""</div>""");
    }

    static string Invariant(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
