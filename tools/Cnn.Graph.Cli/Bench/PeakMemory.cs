using System.Diagnostics;
using System.Globalization;

namespace Cnn.Graph.Cli.Bench;

/// <summary>The most memory that this process has held at once.</summary>
internal static class PeakMemory
{
    private const string StatusFile = "/proc/self/status";
    private const string Key = "VmHWM:";

    public static long Bytes()
    {
        // Linux tells the peak there and not in what Process reads.
        string? line = File.Exists(StatusFile)
            ? File.ReadLines(StatusFile).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal))
            : null;
        if (line?[Key.Length..].Replace("kB", string.Empty, StringComparison.Ordinal) is { } number)
        {
            return 1024 * long.Parse(number, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
