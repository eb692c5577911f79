using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Bunit;
using ControlPlane.Client;
using ControlPlane.Web.Components.Forms;

namespace ControlPlane.Tests.Portal;

public sealed class FieldTests : BunitContext
{
    static ProblemResource Invalid(string key, string message) => new(null, null, 400, "Some fields are not valid.", "validation_failed", new Dictionary<string, string[]> { [key] = [message] });

    [Fact]
    public void A_field_that_is_refused_keeps_what_was_typed_and_says_why()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Name").Add(f => f.Field, "Form.Name").Add(f => f.Value, "Not Good").Add(f => f.Hint, "Lower case.").Add(f => f.Problem, Invalid("name", "Use lower case.")));

        var input = field.Find("input");
        input.GetAttribute("value").ShouldBe("Not Good");
        input.GetAttribute("aria-invalid").ShouldBe("true");
        input.GetAttribute("aria-describedby").ShouldBe("form-name-error form-name-hint");
        field.Find("#form-name-error").TextContent.ShouldBe("Use lower case.");
    }

    [Fact]
    public void A_password_is_never_sent_back()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Password").Add(f => f.Field, "Form.Password").Add(f => f.Type, "password").Add(f => f.Value, "secret words"));

        field.Markup.ShouldNotContain("secret words");
    }

    [Fact]
    public void The_browser_checks_what_the_contract_says()
    {
        var rules = InputRules.Of(typeof(CreateInstanceRequest), nameof(CreateInstanceRequest.Name));
        rules["required"].ShouldBe(true);
        rules["pattern"].ShouldBe("[a-z][a-z0-9\\-]{1,38}");

        var password = InputRules.Of(typeof(SignUpRequest), nameof(SignUpRequest.Password));
        (password["minlength"], password["maxlength"]).ShouldBe((10, 128));
    }

    // HTML, the pattern attribute: it is compiled with the v flag, for which ECMAScript (ClassSetSyntaxCharacter) wants these escaped in a class. A browser drops what it cannot compile.
    [Fact]
    public void Every_pattern_of_the_contract_is_one_that_browsers_read()
    {
        var patterns =
            from type in typeof(CreateInstanceRequest).Assembly.GetTypes()
            from property in type.GetProperties()
            where property.IsDefined(typeof(RegularExpressionAttribute), inherit: false)
            select (string)InputRules.Of(type, property.Name)["pattern"];
        var classes = patterns.SelectMany(pattern => Regex.Matches(pattern, @"\[\^?((?:\\.|[^\]\\])*)\]")).Select(match => match.Groups[1].Value).Distinct().ToList();

        classes.Count.ShouldBeGreaterThan(5);
        foreach (var inside in classes)
            Regex.Replace(inside, @"\\.|\w-\w", "").IndexOfAny([.. "()[{}/-|"]).ShouldBe(-1, inside);
    }

    [Theory]
    [InlineData("every_minutes")]
    [InlineData("EveryMinutes")]
    [InlineData("$.everyMinutes")]
    public void Errors_find_their_field_however_it_is_written(string key) => Invalid(key, "Too short.").For("EveryMinutes").ShouldBe(["Too short."]);

    [Fact]
    public void A_refusal_by_code_is_shown_at_its_field()
    {
        var taken = new ProblemResource(null, null, 409, "Choose another name.", "instance_name_taken");

        taken.At("Name", "instance_name_taken").For("Name").ShouldBe(["Choose another name."]);
        taken.At("Plan", "plan_unknown").For("Plan").ShouldBeEmpty();
    }

    [Fact]
    public void A_form_says_that_an_error_stands_below_and_shows_any_other_problem_itself()
    {
        Render<FormProblem>(p => p.Add(f => f.Problem, Invalid("name", "x"))).Markup.ShouldContain("see below");
        Render<FormProblem>(p => p.Add(f => f.Problem, new ProblemResource(null, null, 500, "It broke.", "internal", TraceId: "4bf9"))).Find(".notice").TextContent.ShouldContain("4bf9");
    }
}
