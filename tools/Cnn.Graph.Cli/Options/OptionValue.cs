using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cnn.Graph.Cli.Options;

/// <summary>
/// Options whose values are checked while the command line is read; what is wrong becomes a message that names the option.
/// </summary>
internal static class OptionValue
{
    /// <summary>A whole number of at least <paramref name="min"/>; null where the option is not given.</summary>
    public static Option<int?> Whole(string name, string description, int min = 1, int max = int.MaxValue) => new(name)
    {
        Description = description,
        CustomParser = result => int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max
            ? number
            : Fail<int?>(result, name, max == int.MaxValue ? $"a whole number of at least {min}" : $"a whole number from {min} to {max}"),
    };

    /// <summary>A long whole number; null where the option is not given.</summary>
    public static Option<long?> Long(string name, string description, long min = long.MinValue) => new(name)
    {
        Description = description,
        CustomParser = result => long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= min
            ? number
            : Fail<long?>(result, name, min == long.MinValue ? "a whole number" : $"a whole number of at least {min}"),
    };

    /// <summary>A number; null where the option is not given.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">For the help.</param>
    /// <param name="isRight">Whether a number lies in the range; no comparison is true for NaN.</param>
    /// <param name="range">The range in words.</param>
    public static Option<double?> Number(string name, string description, Func<double, bool> isRight, string range) => new(name)
    {
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && isRight(number)
            ? number
            : Fail<double?>(result, name, range),
    };

    /// <summary>A value that a library or command line type reads from text.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">For the help.</param>
    /// <param name="parse">Reads the text; its exception's message is shown.</param>
    public static Option<T?> Parsed<T>(string name, string description, Func<string, T> parse)
        where T : class => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                try
                {
                    return parse(Text(result));
                }
                catch (Exception e) when (e is CnnGraphException or UsageException)
                {
                    result.AddError($"{name}: {e.Message}");
                    return null;
                }
            },
        };

    private static string Text(ArgumentResult result) => result.Tokens[^1].Value;

    private static T? Fail<T>(ArgumentResult result, string name, string expected)
    {
        result.AddError($"{name} must be {expected}, not '{Text(result)}'");
        return default;
    }
}
