using System.Globalization;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Training;

/// <summary>Schedules of the learning rate in the words of the command line: a name and its numbers, separated by colons.</summary>
internal static class ScheduleChoice
{
    private const string Recipe = "recipe";

    /// <summary>Each schedule: how it is written, an example, and what the numbers make; null where they are out of range.</summary>
    private static readonly Dictionary<string, (string Form, string Example, Func<string[], Schedule?> Make)> Known = new()
    {
        ["constant"] = ("constant", "constant", n => n.Length == 0 ? Schedules.Constant : null),
        ["cosine"] = ("cosine", "cosine", n => n.Length == 0 ? Schedules.Cosine : null),
        ["step"] = ("step:EPOCHS[:FACTOR]", "step:30:0.1", n => Numbers(n, 1, 2) is { } x && IsWhole(x[0], 1) && IsFactor(x, 1)
            ? Schedules.Step((int)x[0], At(x, 1, 0.1))
            : null),
        ["multistep"] = ("multistep:EPOCH,EPOCH…[:FACTOR]", "multistep:81,122:0.1", MultiStep),
        ["polynomial"] = ("polynomial[:POWER]", "polynomial:0.5", n => Numbers(n, 0, 1) is { } x && IsFactor(x, 0) ? Schedules.Polynomial(At(x, 0, 1)) : null),
        ["plateau"] = ("plateau[:FACTOR[:PATIENCE]]", "plateau:0.1:3", n => Numbers(n, 0, 2) is { } x && IsFactor(x, 0) && (x.Length < 2 || IsWhole(x[1], 0))
            ? Schedules.OnPlateau(At(x, 0, 0.1), (int)At(x, 1, 3))
            : null),
        ["warmup"] = ("warmup:EPOCHS:SCHEDULE", "warmup:5:cosine", WarmUp),
    };

    /// <summary>What the option takes, for the help.</summary>
    public static string Help { get; } =
        $"{string.Join(", ", Known.Values.Select(k => k.Form))} or {Recipe} (the architecture's own); {Recipe} by default";

    /// <summary>The schedule that a text names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="recipe">The architecture's own schedule.</param>
    /// <exception cref="UsageException">There is no such schedule, or its numbers are out of range.</exception>
    public static Schedule Of(string text, Schedule recipe)
    {
        string[] parts = text.Split(':');
        string name = NamedValues.Find(parts[0], "schedule", [.. Known.Keys, Recipe]);
        return name == Recipe && parts.Length == 1
            ? recipe
            : Known.TryGetValue(name, out var known) && known.Make(parts[1..]) is { } schedule
                ? schedule
                : throw new UsageException($"'{text}' is no schedule; write {(name == Recipe ? Recipe : $"{known.Form}, such as {known.Example}")}");
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

    private static Schedule? MultiStep(string[] parts)
    {
        double[]? epochs = parts.Length is 1 or 2 ? Numbers(parts[0].Split(','), 1, int.MaxValue) : null;
        double[]? factor = parts.Length == 2 ? Numbers(parts[1..], 1, 1) : [];
        return epochs is not null && factor is not null && epochs.All(e => IsWhole(e, 1)) && IsFactor(factor, 0)
            ? Schedules.MultiStep([.. epochs.Select(e => (int)e)], At(factor, 0, 0.1))
            : null;
    }

    private static Schedule? WarmUp(string[] parts) => parts.Length > 1 && Numbers(parts[..1], 1, 1) is { } epochs && IsFactor(epochs, 0)
        ? Schedules.WarmUp(epochs[0], Of(string.Join(':', parts[1..]), Schedules.Constant))
        : null;

    private static double[]? Numbers(string[] texts, int least, int most)
    {
        var numbers = new double[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return texts.Length >= least && texts.Length <= most ? numbers : null;
    }

    private static bool IsWhole(double number, int least) => number >= least && number <= int.MaxValue && number == Math.Floor(number);

    private static bool IsFactor(double[] numbers, int index) => index >= numbers.Length || (numbers[index] > 0 && double.IsFinite(numbers[index]));

    private static double At(double[] numbers, int index, double otherwise) => index < numbers.Length ? numbers[index] : otherwise;
}
