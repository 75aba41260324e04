using System.Text;

namespace Cnn.Graph.Cli;

/// <summary>Lays cells out in columns.</summary>
internal static class TextTable
{
    /// <summary>The table, each row with a line ending.</summary>
    /// <param name="heads">The names of the columns.</param>
    /// <param name="rows">A cell for each column.</param>
    /// <param name="firstNumber">The columns from this one on hold numbers and stand to the right.</param>
    public static string Of(string[] heads, IEnumerable<string[]> rows, int firstNumber = int.MaxValue)
    {
        string[][] all = [heads, .. rows];
        int[] widths = [.. heads.Select((_, column) => all.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in all)
        {
            IEnumerable<string> cells = row.Select((cell, i) => i < firstNumber ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
