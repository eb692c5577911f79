using System.Numerics;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>
/// An exact quota. Of whole numbers without bound, because a basis multiplies up to five amounts, and four of ordinary size are more than an Int128 holds.
/// </summary>
readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    internal static Fraction Zero { get; } = new(0, 1);

    internal static Fraction Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign <= 0)
            throw new ArgumentOutOfRangeException(nameof(denominator));
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new Fraction(numerator / divisor, denominator / divisor);
    }

    public static Fraction operator +(Fraction left, Fraction right) =>
        Of(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) => left + new Fraction(-right.Numerator, right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) => Of(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    internal (long Floor, Fraction Left) Split()
    {
        var floor = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        if (remainder.Sign < 0)
        {
            floor--;
            remainder += Denominator;
        }
        return ((long)floor, new Fraction(remainder, Denominator));
    }

    /// <summary>The nearest whole number, halves away from zero.</summary>
    internal long HalfAway() => (long)(Numerator.Sign * (2 * BigInteger.Abs(Numerator) + Denominator) / (2 * Denominator));

    internal int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);
}
