using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ControlPlane.Web.Components.Forms;

/// <summary>
/// The HTML attributes by which a browser checks a field as the contract's record says, so that no rule is written twice.
/// The Api still has the last word.
/// </summary>
static class InputRules
{
    /// <param name="contract">A request record of ControlPlane.Client.</param>
    /// <param name="property">The name of its property.</param>
    public static Dictionary<string, object> Of(Type contract, string property)
    {
        var rules = new Dictionary<string, object>();
        foreach (var attribute in (contract.GetProperty(property) ?? throw new ArgumentException($"{contract.Name} has no {property}")).GetCustomAttributes<ValidationAttribute>())
            Add(rules, attribute);
        return rules;
    }

    /// <returns>What is wrong with a value by the contract's record, to be said before the Api is asked for something else; null when nothing is.</returns>
    public static string? Violation(Type contract, string property, object? value) =>
        contract.GetProperty(property)!.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(value))?.FormatErrorMessage(property);

    static void Add(Dictionary<string, object> rules, ValidationAttribute attribute)
    {
        switch (attribute)
        {
            case RequiredAttribute:
                rules["required"] = true;
                break;
            case StringLengthAttribute length:
                rules["maxlength"] = length.MaximumLength;
                if (length.MinimumLength > 1)
                    rules["minlength"] = length.MinimumLength;
                break;
            case MaxLengthAttribute length:
                rules["maxlength"] = length.Length;
                break;
            case RegularExpressionAttribute expression:
                rules["pattern"] = Unanchored(expression.Pattern);
                break;
            case RangeAttribute range:
                rules["min"] = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture)!;
                rules["max"] = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)!;
                break;
        }
    }

    /// <summary>A browser anchors patterns by itself, and reads them with the v flag, in which a hyphen in a class is escaped.</summary>
    static string Unanchored(string pattern) => pattern.TrimStart('^').TrimEnd('$').Replace("-]", "\\-]", StringComparison.Ordinal);
}
