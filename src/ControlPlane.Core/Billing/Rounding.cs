namespace ControlPlane.Core.Billing;

/// <summary>Products of two amounts divided by a third, exact on the way: two longs always fit an Int128.</summary>
public static class Rounding
{
    /// <summary>value × numerator ÷ denominator, halves away from zero.</summary>
    /// <param name="denominator">Above zero.</param>
    public static long HalfAway(long value, long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var product = (Int128)value * numerator;
        var (quotient, remainder) = Int128.DivRem(product, denominator);
        if (Int128.Abs(remainder) * 2 >= denominator)
            quotient += Int128.Sign(product);
        return checked((long)quotient);
    }

    /// <summary>value × numerator ÷ denominator, towards minus infinity.</summary>
    /// <param name="denominator">Above zero.</param>
    public static long Floor(long value, long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var (quotient, remainder) = Int128.DivRem((Int128)value * numerator, denominator);
        return checked((long)(remainder < 0 ? quotient - 1 : quotient));
    }
}
