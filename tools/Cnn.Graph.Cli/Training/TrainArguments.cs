using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Training;

/// <summary>What a command line of <c>cnn train</c> says.</summary>
internal sealed record TrainArguments
{
    public required Architecture Architecture { get; init; }

    /// <summary>The data set in the words of <c>--data</c>.</summary>
    public required string Data { get; init; }

    /// <summary>Where the model goes.</summary>
    public required string Out { get; init; }

    /// <summary>Where checkpoints go and stay; without it they go beside the model and are gone in the end.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The checkpoint to go on from.</summary>
    public string? Resume { get; init; }

    /// <summary>The model whose weights to start from.</summary>
    public string? Init { get; init; }

    /// <summary>Whether the last layer starts anew all the same.</summary>
    public bool HasNewHead { get; init; }

    /// <summary>Whether what the device cannot run may run on the CPU.</summary>
    public bool AllowCpuFallback { get; init; }

    /// <summary>Whether the report says where nodes ran.</summary>
    public bool TellsPlacement { get; init; }

    public bool Json { get; init; }

    /// <summary>The settings that were given, see <see cref="TrainSettings"/>.</summary>
    public required IReadOnlyDictionary<string, string> Given { get; init; }

    /// <summary>Where checkpoints go.</summary>
    public string CheckpointPath => Checkpoint ?? $"{Out}.checkpoint";

    /// <summary>The command that goes on where this one was stopped. What it leaves out is in the checkpoint.</summary>
    public string ResumeCommand => string.Join(
        ' ',
        [
            Environment.GetEnvironmentVariable("CNN_COMMAND") ?? "cnn", "train", Architecture.Id, "--data", Quote(Data), "--resume", Quote(CheckpointPath),
            .. Checkpoint is null ? Array.Empty<string>() : ["--checkpoint", Quote(Checkpoint)],
            "--out", Quote(Out),
        ]);

    /// <exception cref="UsageException">Two of the paths are the same file, or options exclude each other.</exception>
    public void RequireSense()
    {
        if (Init is not null && Resume is not null)
        {
            throw new UsageException("--init and --resume exclude each other: a checkpoint brings its own weights.");
        }

        if (HasNewHead && Init is null)
        {
            throw new UsageException("--new-head goes with --init: without a model to start from, every layer is new.");
        }

        if (Resume is null)
        {
            CommonOptions.RequireSense(Given.ContainsKey("loss-scale") ? 1 : null, Given.GetValueOrDefault("precision"));
        }

        string model = Path.GetFullPath(Out);
        if (model == Path.GetFullPath(CheckpointPath) || (Resume is not null && model == Path.GetFullPath(Resume)))
        {
            throw new UsageException($"--out '{Out}' would replace the checkpoint; name another file for the model.");
        }

        string[] read = [.. Data.Split(','), .. Init is null ? [] : new[] { Init }];
        foreach ((string option, string written) in new[] { ("--out", Out), ("--checkpoint", CheckpointPath) })
        {
            if (read.Any(r => File.Exists(r) && Path.GetFullPath(r) == Path.GetFullPath(written)))
            {
                throw new UsageException($"{option} '{written}' would replace a file that is read; name another file.");
            }
        }
    }

    private static string Quote(string text) => text.All(c => char.IsLetterOrDigit(c) || "-_./\\:,+=@%".Contains(c, StringComparison.Ordinal))
        ? text
        : OperatingSystem.IsWindows() ? $"\"{text}\"" : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
