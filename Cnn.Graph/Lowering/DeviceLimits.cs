using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>
/// What the parts of ONNX Runtime for a device lack, so that a form is emitted that runs there. DirectML has all that this library emits;
/// what it lacks, such as ScatterElements that adds, is emitted for no device.
/// </summary>
internal sealed record DeviceLimits
{
    /// <summary>None: every operator that ONNX has.</summary>
    public static DeviceLimits None { get; } = new();

    /// <summary>
    /// ONNX Runtime 1.29 for WebGPU: it has no LRN, refuses grouped or transposed convolutions of volumes, and normalises them wrongly.
    /// </summary>
    private static readonly DeviceLimits WebGpu = new() { Lacking = new HashSet<Type> { typeof(LocalResponseNorm) }, TakesVolumes = false };

    /// <summary>Operators whose ONNX form does not run there; the dialect says them otherwise.</summary>
    public IReadOnlySet<Type> Lacking { get; init; } = new HashSet<Type>();

    /// <summary>Whether layers may work on [N, C, D, H, W].</summary>
    public bool TakesVolumes { get; init; } = true;

    public static DeviceLimits Of(Device device) => device is WebGpuDevice ? WebGpu : None;

    public bool Lacks(Operator op) => Lacking.Contains(op.GetType());

    /// <exception cref="CnnGraphException">The device cannot run the network in any form.</exception>
    public void Require(Network network)
    {
        if (!TakesVolumes && network.Nodes.FirstOrDefault(n => n.Output.Shape.Rank > 4) is { } node)
        {
            throw new CnnGraphException($"WebGPU runs no layers on volumes, but '{node.Name}' gives {node.Output.Shape}. Choose another device.");
        }
    }
}
