using System.Diagnostics;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Runs Python programs against which this library is compared, where they are installed.</summary>
internal static class Python
{
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3"];

    private static readonly Dictionary<string, string?> Found = [];

    /// <summary>An interpreter that can import a module, the system's own first; null if there is none.</summary>
    public static string? With(string module)
    {
        lock (Found)
        {
            if (!Found.TryGetValue(module, out string? interpreter))
            {
                interpreter = Array.Find(Interpreters, candidate => CanImport(candidate, module));
                Found.Add(module, interpreter);
            }

            return interpreter;
        }
    }

    /// <summary>Runs a script and gives what it printed; skips the test where no interpreter has the module.</summary>
    public static string Run(string module, string script, params string[] arguments)
    {
        string? interpreter = With(module);
        Assume.That(interpreter, Is.Not.Null, $"skipped: no python3 here can import {module}");
        (int exitCode, string output, string errors) = Start(interpreter!, ["-c", script, .. arguments]);
        Assert.That(exitCode, Is.Zero, errors);
        return output;
    }

    private static bool CanImport(string interpreter, string module)
    {
        try
        {
            return Start(interpreter, ["-c", $"import {module}"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int ExitCode, string Output, string Errors) Start(string interpreter, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
