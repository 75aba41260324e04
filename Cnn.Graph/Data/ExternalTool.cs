using System.ComponentModel;
using System.Diagnostics;

namespace Cnn.Graph.Data;

/// <summary>How a tool ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The line that says best what went wrong: the last one of the error output that says anything.</summary>
    public string Reason => Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var last]
        ? last
        : $"it ended with exit code {ExitCode}";
}

/// <summary>Runs a tool in a folder and waits; null where the tool is not installed.</summary>
internal delegate ToolResult? ToolRunner(string tool, IReadOnlyList<string> arguments, string workingDirectory);

/// <summary>Runs the tools that fetch packages.</summary>
internal static class ExternalTool
{
    /// <inheritdoc cref="ToolRunner"/>
    public static ToolResult? Run(string tool, IReadOnlyList<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        try
        {
            using var process = new Process { StartInfo = start };
            process.Start();
            process.StandardInput.Close(); // a question would otherwise wait for an answer for ever
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ToolResult(process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
