namespace Stripe.Double.State;

/// <summary>Ids that look like Stripe's and are the same in every run from the same seed: the seed and a counter, mixed.</summary>
sealed class Ids(ulong seed)
{
    const string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>How many were given; a snapshot keeps it.</summary>
    internal ulong Given { get; set; }

    internal string Next(string prefix, int length = 24)
    {
        var counter = ++Given;
        return prefix + "_" + string.Create(length, counter, (text, number) =>
        {
            // Mixed once more, so that two ids in a row are no shifted copies of each other.
            var state = Mix(seed + number * 0x9E3779B97F4A7C15);
            for (var i = 0; i < text.Length; i++)
            {
                state += 0x9E3779B97F4A7C15;
                text[i] = alphabet[(int)(Mix(state) % (ulong)alphabet.Length)];
            }
        });
    }

    // SplitMix64, https://prng.di.unimi.it/splitmix64.c (public domain).
    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
