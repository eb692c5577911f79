using System.Globalization;

namespace ControlPlane.Core.Billing;

/// <summary>
/// An amount in the smallest unit of its currency. Arithmetic is checked: an overflow and a mixture of currencies are exceptions, never another amount.
/// </summary>
public readonly record struct Money(long Minor, Currency Currency)
{
    public bool IsZero => Minor == 0;

    public static Money Zero(Currency currency) => new(0, currency);

    public static Money operator +(Money left, Money right) => new(checked(left.Minor + right.Minor), Same(left, right));

    public static Money operator -(Money left, Money right) => new(checked(left.Minor - right.Minor), Same(left, right));

    public static Money operator -(Money money) => new(checked(-money.Minor), money.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public static Money Negate(Money money) => -money;

    /// <summary>The largest amount that may be paid out of this one; what is left stays owed. Zero for a negative amount.</summary>
    public Money PayablePart() => new(Minor <= 0 ? 0 : Minor - Minor % Currency.PayoutStep, Currency);

    /// <summary>In major units with all decimals and a point: <c>-49.00</c>.</summary>
    public string ToMajorText()
    {
        var digits = Int128.Abs(Minor).ToString(CultureInfo.InvariantCulture).PadLeft(Currency.Exponent + 1, '0');
        var sign = Minor < 0 ? "-" : "";
        return Currency.Exponent == 0 ? sign + digits : $"{sign}{digits[..^Currency.Exponent]}.{digits[^Currency.Exponent..]}";
    }

    public override string ToString() => $"{ToMajorText()} {Currency}";

    static Currency Same(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException($"{left} and {right} are in different currencies");
}
