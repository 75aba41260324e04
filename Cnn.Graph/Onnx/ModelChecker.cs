using Cnn.Graph.Onnx.Proto;
using static Cnn.Graph.Onnx.OnnxSeverity;

namespace Cnn.Graph.Onnx;

/// <summary>Checks the structure of a model against ONNX's rules. What operators mean is left to the runtime.</summary>
internal static class ModelChecker
{
    private const long SchemaVersion = (long)Proto.Version.IrVersion;

    private static readonly string[] KnownDomains =
    [
        OnnxTypes.DefaultDomain, "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training",
        "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.microsoft.dml",
        "com.ms.internal.nhwc", "org.pytorch.aten",
    ];

    /// <summary>Adds what there is to say about a model.</summary>
    public static void Check(ModelProto model, List<OnnxFinding> findings)
    {
        CheckVersions(model, findings);
        CheckKeys(model, findings);
        var functions = model.Functions.Select(function => (OnnxTypes.DomainName(function.Domain), function.Name)).ToHashSet();
        if (model.Graph.Name.Length == 0)
        {
            findings.Add(new(Error, "the graph has no name"));
        }

        new GraphChecker(model.IrVersion, VersionsOf(model), functions, findings).CheckGraph(model.Graph, string.Empty, outer: null);
        foreach (FunctionProto function in model.Functions)
        {
            Dictionary<string, long> opsets = Opsets(function.OpsetImport);
            new GraphChecker(model.IrVersion, opsets, functions, findings).CheckFunction(function);
        }

        if (model.TrainingInfo.Count > 0)
        {
            findings.Add(new(Note, "it carries training information, which is kept but not checked; no runtime executes it"));
        }
    }

    private static Dictionary<string, long> VersionsOf(ModelProto model)
    {
        Dictionary<string, long> opsets = Opsets(model.OpsetImport);
        if (model.IrVersion < 3)
        {
            // Before models imported operator sets, there was only the first one.
            opsets.TryAdd(OnnxTypes.DefaultDomain, 1);
        }

        return opsets;
    }

    private static Dictionary<string, long> Opsets(IEnumerable<OperatorSetIdProto> imports) =>
        imports.GroupBy(import => OnnxTypes.DomainName(import.Domain)).ToDictionary(group => group.Key, group => group.First().Version);

    private static void CheckVersions(ModelProto model, List<OnnxFinding> findings)
    {
        if (model.IrVersion > SchemaVersion)
        {
            findings.Add(new(Note, $"IR version {model.IrVersion} is newer than {SchemaVersion}: what it adds is kept but not checked"));
        }
        else if (model.IrVersion < 3)
        {
            findings.Add(
                new(Warning, $"IR version {model.IrVersion} is from 2017, before models imported operator sets; few runtimes read it"));
        }

        IEnumerable<OperatorSetIdProto> imports = model.OpsetImport.Concat(model.Functions.SelectMany(function => function.OpsetImport));
        foreach (OperatorSetIdProto import in imports.Where(import => import.Version < 1))
        {
            findings.Add(new(Error, $"operator set '{OnnxTypes.DomainName(import.Domain)}' is imported in version {import.Version}"));
        }

        var provided = model.Functions.Select(function => OnnxTypes.DomainName(function.Domain)).ToHashSet();
        foreach (string domain in imports.Select(import => OnnxTypes.DomainName(import.Domain)).Distinct())
        {
            if (!KnownDomains.Contains(domain) && !provided.Contains(domain))
            {
                findings.Add(new(Note, $"operator set '{domain}' is not a well-known one: running the model needs a runtime that has it"));
            }
        }
    }

    private static void CheckKeys(ModelProto model, List<OnnxFinding> findings)
    {
        Repeated(model.OpsetImport.Select(import => OnnxTypes.DomainName(import.Domain)), "imports of operator set");
        Repeated(model.MetadataProps.Select(entry => entry.Key), "metadata entries");
        Repeated(model.Functions.Select(function => $"{OnnxTypes.DomainName(function.Domain)}.{function.Name}"), "functions");

        void Repeated(IEnumerable<string> keys, string what) => findings.AddRange(keys.CountBy(key => key)
            .Where(entry => entry.Value > 1)
            .Select(entry => new OnnxFinding(Error, $"there are {entry.Value} {what} '{entry.Key}'")));
    }
}
