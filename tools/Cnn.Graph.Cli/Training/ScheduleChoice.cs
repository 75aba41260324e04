using System.Globalization;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Training;

/// <summary>Schedules of the learning rate in the words of the command line.</summary>
internal static class ScheduleChoice
{
    /// <summary>What the option takes, for the help.</summary>
    public const string Help = "constant, cosine, step:EPOCHS[:FACTOR] or recipe (the architecture's own); recipe by default";

    private const string Recipe = "recipe";

    /// <summary>The schedule that a text names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="recipe">The architecture's own schedule.</param>
    /// <exception cref="UsageException">There is no such schedule, or its numbers are out of range.</exception>
    public static Schedule Of(string text, Schedule recipe)
    {
        string[] parts = text.Split(':');
        string name = NamedValues.Find(parts[0], "schedule", ["constant", "cosine", "step", Recipe]);
        if (name == "step")
        {
            return Step(text, parts);
        }

        return parts.Length > 1 ? throw new UsageException($"only step takes numbers, not '{text}'")
            : name == "constant" ? Schedules.Constant
            : name == "cosine" ? Schedules.Cosine
            : recipe;
    }

    /// <summary>The text, checked.</summary>
    /// <exception cref="UsageException">See <see cref="Of"/>.</exception>
    public static string Check(string text)
    {
        Of(text, Schedules.Constant);
        return text.ToLowerInvariant();
    }

    /// <summary>A recipe's schedule in these words.</summary>
    public static string NameOf(Schedule schedule) =>
        schedule == Schedules.Constant ? "constant" : schedule == Schedules.Cosine ? "cosine" : Recipe;

    private static Schedule Step(string text, string[] parts)
    {
        double factor = 0.1;
        bool isRight = parts.Length is 2 or 3
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int epochs) && epochs > 0
            && (parts.Length == 2 || (double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out factor)
                && factor > 0 && double.IsFinite(factor)));
        return isRight
            ? Schedules.Step(int.Parse(parts[1], CultureInfo.InvariantCulture), factor)
            : throw new UsageException($"step:EPOCHS[:FACTOR] needs whole epochs and a factor above 0, such as step:30:0.1, not '{text}'");
    }
}
