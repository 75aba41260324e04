using System.Globalization;

namespace Cnn.Graph.Cli;

/// <summary>How numbers are printed, everywhere alike.</summary>
internal static class Figures
{
    /// <summary>A share, <c>99.05 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    /// <summary>A loss, <c>0.0312</c>.</summary>
    public static string Loss(double loss) => loss.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A whole number, <c>61,706</c>.</summary>
    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds, <c>1.234</c>.</summary>
    public static string Milliseconds(double ms) => ms.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A span of time as a person reads it: <c>8.2 s</c>, <c>3:05</c>, <c>1:02:05</c>.</summary>
    public static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(999).TotalSeconds));
        return time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
            : time.TotalHours < 1 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
    }

    /// <summary>A shape, <c>1x28x28</c>.</summary>
    public static string Shape(IEnumerable<int> dims) => string.Join("x", dims);
}
