namespace Cnn.Graph;

/// <summary>The numbers that a training computes with.</summary>
public enum TrainingPrecision
{
    /// <summary>32-bit floats everywhere.</summary>
    Float32,

    /// <summary>
    /// 16-bit floats in convolutions and matrix products, forward and backward; 32-bit floats for parameters, statistics, sums over many
    /// elements, the loss and the optimiser. The loss is scaled so that small gradients survive, and a step whose gradients overflow is
    /// left out (Micikevicius et al., 2018). It is meant for graphics adapters; on a CPU it is slower.
    /// </summary>
    Float16,
}
