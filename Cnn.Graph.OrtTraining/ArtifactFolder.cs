namespace Cnn.Graph.OrtTraining;

/// <summary>The four files that a training there begins with.</summary>
internal sealed record ArtifactFolder(string Training, string Eval, string Optimizer, string Checkpoint)
{
    /// <param name="folder">The folder that <c>cnn artifacts</c> or <see cref="TrainingArtifacts.Save"/> wrote.</param>
    /// <param name="checkpoint">Another checkpoint than the one that lies there.</param>
    /// <exception cref="CnnGraphException">A file is missing; the message names each.</exception>
    public static ArtifactFolder Find(string folder, string? checkpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var found = new ArtifactFolder(
            Path.Combine(folder, TrainingArtifacts.TrainingFile),
            Path.Combine(folder, TrainingArtifacts.EvalFile),
            Path.Combine(folder, TrainingArtifacts.OptimizerFile),
            checkpoint ?? Path.Combine(folder, TrainingArtifacts.CheckpointFile));
        string[] missing = [.. new[] { found.Training, found.Eval, found.Optimizer, found.Checkpoint }.Where(file => !File.Exists(file))];
        return missing.Length == 0 ? found : throw new CnnGraphException(
            $"'{folder}' holds no complete artifacts of ONNX Runtime Training: there is no " +
            $"{string.Join(", no ", missing.Select(m => $"'{m}'"))}. 'cnn artifacts' and TrainingArtifacts.Save write all four files.");
    }
}
