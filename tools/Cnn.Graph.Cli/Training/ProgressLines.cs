using System.Diagnostics;

namespace Cnn.Graph.Cli.Training;

/// <summary>
/// Tells how training goes: one line for every finished pass and, where a person watches, a line that is written over several times a
/// second.
/// </summary>
internal sealed class ProgressLines : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private const int UsualWidth = 80;

    private readonly CommandContext _context;
    private readonly List<double>? _losses;
    private long _shown;
    private int _length; // of the line that is shown; 0 where none is

    /// <param name="context">Where to write.</param>
    /// <param name="keepsLosses">Whether <see cref="Losses"/> are wanted.</param>
    public ProgressLines(CommandContext context, bool keepsLosses)
    {
        _context = context;
        _losses = keepsLosses ? [] : null;
    }

    /// <summary>The loss of every step, each measured before the step; null where they are not wanted.</summary>
    public IReadOnlyList<double>? Losses => _losses;

    /// <summary>Steps done in all.</summary>
    public long Step { get; private set; }

    public void Report(TrainingProgress value)
    {
        Step = value.Step;
        if (value.Finished is not null)
        {
            Clear();
            _context.Error.WriteLine(LineOf(value, value.Finished));
            return;
        }

        _losses?.Add(value.StepLoss);
        if (_context.IsTerminal && (_length == 0 || Stopwatch.GetElapsedTime(_shown) >= Interval))
        {
            string line = Fit(LineOf(value));
            // Blanks instead of an escape sequence, which not every terminal knows.
            _context.Error.Write($"\r{line.PadRight(_length)}");
            (_shown, _length) = (Stopwatch.GetTimestamp(), line.Length);
        }
    }

    /// <summary>Takes the line away that is written over, before another takes its place.</summary>
    public void Clear()
    {
        if (_length > 0)
        {
            _context.Error.Write($"\r{new string(' ', _length)}\r");
            _length = 0;
        }
    }

    private static string LineOf(TrainingProgress p) =>
        $"epoch {p.Epoch}/{p.Epochs}  batch {p.Batch}/{p.Batches}  loss {Figures.Loss(p.Loss)}{Accuracy("  accuracy", p.Accuracy)}" +
        $"  {Figures.Count(p.ImagesPerSecond)} images/s  {Figures.Time(p.Remaining.TotalSeconds)} left";

    private static string LineOf(TrainingProgress p, EpochResult r) =>
        $"epoch {p.Epoch}/{p.Epochs}{(p.Batch < p.Batches ? $" (cut after {p.Batch} of {p.Batches} batches)" : string.Empty)}" +
        $"  loss {Figures.Loss(r.Loss)}{Accuracy("  accuracy", r.Accuracy)}" +
        (r.ValidationLoss is { } loss ? $"  test loss {Figures.Loss(loss)}{Accuracy("  test accuracy", r.ValidationAccuracy)}" : string.Empty) +
        $"  {Figures.Time(r.Seconds)}  {Figures.Count(r.ImagesPerSecond)} images/s";

    private static string Accuracy(string label, double? share) => share is null ? string.Empty : $"{label} {Figures.Percent(share.Value)}";

    /// <summary>A line that wraps cannot be written over.</summary>
    private static string Fit(string line)
    {
        int width = Console.IsErrorRedirected || Console.WindowWidth <= 0 ? UsualWidth : Console.WindowWidth - 1;
        return line.Length > width ? line[..width] : line;
    }
}
